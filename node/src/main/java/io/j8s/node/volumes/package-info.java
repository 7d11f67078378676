/// The volumes of pods: put in place before a pod's containers start, kept up to date, and taken away at its end.
@NullMarked
package io.j8s.node.volumes;

import org.jspecify.annotations.NullMarked;
