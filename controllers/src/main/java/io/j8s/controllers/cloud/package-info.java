/// What a cloud provider does for a cluster (load balancers, instances, routes), the loops that ask it to, and a provider that is built in.
@NullMarked
package io.j8s.controllers.cloud;

import org.jspecify.annotations.NullMarked;
