/// Deletes objects whose owners are gone, and carries out foreground and orphaning deletions, for every kind of object that is served.
@NullMarked
package io.j8s.controllers.garbagecollector;

import org.jspecify.annotations.NullMarked;
