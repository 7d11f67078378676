/// Keeps claims from going while pods use them, volumes while they are bound, and volume attributes classes while volumes or claims have them.
@NullMarked
package io.j8s.controllers.storageprotection;

import org.jspecify.annotations.NullMarked;
