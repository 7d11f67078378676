/// Evicts pods whose allocated devices have taints of the effect NoExecute that their claims do not tolerate (KEP-5055).
@NullMarked
package io.j8s.controllers.devicetainteviction;

import org.jspecify.annotations.NullMarked;
