/// What the controllers of pods share: what counts as active, ready and available, which pods to delete first, creation from templates.
@NullMarked
package io.j8s.controllers.pods;

import org.jspecify.annotations.NullMarked;
