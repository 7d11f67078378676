/// Container logs in CRI's format: reading, following and rotating them.
@NullMarked
package io.j8s.node.logs;

import org.jspecify.annotations.NullMarked;
