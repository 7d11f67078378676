/// `bin/j8s` as a user runs it: a process of its own, in the background, with its state in a data directory.
@NullMarked
package io.j8s.it.launcher;

import org.jspecify.annotations.NullMarked;
