/// What the server says of itself: groups, versions and resources (in the older form and the aggregated one), its version, its health.
@NullMarked
package io.j8s.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
