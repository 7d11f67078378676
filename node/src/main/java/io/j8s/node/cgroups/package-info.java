/// Control groups: what pods and containers may use, as the kernel enforces it, and what they do use.
@NullMarked
package io.j8s.node.cgroups;

import org.jspecify.annotations.NullMarked;
