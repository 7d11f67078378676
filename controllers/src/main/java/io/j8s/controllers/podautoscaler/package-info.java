/// Scales what HorizontalPodAutoscalers (autoscaling/v2) name by what their pods use.
@NullMarked
package io.j8s.controllers.podautoscaler;

import org.jspecify.annotations.NullMarked;
