/// Keeps claims from going while pods use them, and volumes while they are bound.
@NullMarked
package io.j8s.controllers.storageprotection;

import org.jspecify.annotations.NullMarked;
