/// Works out how many pods each PodDisruptionBudget can spare, for evictions to ask.
@NullMarked
package io.j8s.controllers.disruption;

import org.jspecify.annotations.NullMarked;
