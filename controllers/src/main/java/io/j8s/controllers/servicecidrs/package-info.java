/// Declares ServiceCIDRs ready, and keeps them while addresses of services depend on them (KEP-1880).
@NullMarked
package io.j8s.controllers.servicecidrs;

import org.jspecify.annotations.NullMarked;
