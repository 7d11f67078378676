/// The life of pods on a node: what to do next is decided by a core without I/O ([PodPlan]), done by one worker for each pod, and told as status.
@NullMarked
package io.j8s.node.pods;

import org.jspecify.annotations.NullMarked;
