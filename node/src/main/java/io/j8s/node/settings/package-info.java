/// How a node agent is set up: upstream's flags and KubeletConfiguration as values, in groups.
@NullMarked
package io.j8s.node.settings;

import org.jspecify.annotations.NullMarked;
