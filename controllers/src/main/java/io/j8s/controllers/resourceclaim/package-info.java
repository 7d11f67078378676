/// Makes ResourceClaims from the templates that pods name, gives claims back that no pod needs any more, and says which claim is meant by what a pod writes.
@NullMarked
package io.j8s.controllers.resourceclaim;

import org.jspecify.annotations.NullMarked;
