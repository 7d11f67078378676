/// Bootstrap tokens, with which new nodes introduce themselves: signs what they may trust with them, and deletes them when they have expired.
@NullMarked
package io.j8s.controllers.bootstrap;

import org.jspecify.annotations.NullMarked;
