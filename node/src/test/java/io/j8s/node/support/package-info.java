/// What this module's tests share: a runtime with a bridge network, and images made from the machine's own busybox.
@NullMarked
package io.j8s.node.support;

import org.jspecify.annotations.NullMarked;
