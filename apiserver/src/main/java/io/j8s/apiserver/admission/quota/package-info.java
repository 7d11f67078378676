/// Limits on what the objects of a namespace take: limit ranges for single objects, quotas for all together.
@NullMarked
package io.j8s.apiserver.admission.quota;

import org.jspecify.annotations.NullMarked;
