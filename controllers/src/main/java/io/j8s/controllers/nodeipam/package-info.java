/// Gives each node a part of the cluster's pod network.
@NullMarked
package io.j8s.controllers.nodeipam;

import org.jspecify.annotations.NullMarked;
