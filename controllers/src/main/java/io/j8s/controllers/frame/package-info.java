/// What every controller is made of: its life, what it is given, and its view of its own writes.
@NullMarked
package io.j8s.controllers.frame;

import org.jspecify.annotations.NullMarked;
