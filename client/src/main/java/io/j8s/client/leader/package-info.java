/// Choosing one of several processes by a lease, in client-go's record format.
@NullMarked
package io.j8s.client.leader;

import org.jspecify.annotations.NullMarked;
