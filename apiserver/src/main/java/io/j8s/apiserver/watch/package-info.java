/// Watches: the changes of a table as one client sees them, through its selection, from where it left off.
@NullMarked
package io.j8s.apiserver.watch;

import org.jspecify.annotations.NullMarked;
