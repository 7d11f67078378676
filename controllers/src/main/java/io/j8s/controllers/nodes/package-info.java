/// What controllers of nodes share: conditions, taints and tolerations, and how nodes and the status of their pods are written.
@NullMarked
package io.j8s.controllers.nodes;

import org.jspecify.annotations.NullMarked;
