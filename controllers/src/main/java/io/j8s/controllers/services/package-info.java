/// Which pods stand behind a Service, and how they are reached.
@NullMarked
package io.j8s.controllers.services;

import org.jspecify.annotations.NullMarked;
