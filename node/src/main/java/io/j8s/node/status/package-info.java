/// How the status of a pod is put together and written.
@NullMarked
package io.j8s.node.status;

import org.jspecify.annotations.NullMarked;
