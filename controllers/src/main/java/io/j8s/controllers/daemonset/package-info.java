/// Keeps one pod of each DaemonSet on every node that it fits.
@NullMarked
package io.j8s.controllers.daemonset;

import org.jspecify.annotations.NullMarked;
