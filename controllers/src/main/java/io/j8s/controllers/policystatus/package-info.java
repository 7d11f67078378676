/// Says in the status of validating admission policies what is wrong with the types in their expressions (KEP-3488).
@NullMarked
package io.j8s.controllers.policystatus;

import org.jspecify.annotations.NullMarked;
