/// Clients that mean no good, or know no better: what they send is refused, and costs the others nothing.
@NullMarked
package io.j8s.it.robust;

import org.jspecify.annotations.NullMarked;
