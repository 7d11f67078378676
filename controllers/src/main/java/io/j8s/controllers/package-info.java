/// The control loops of kube-controller-manager, and what runs them together.
@NullMarked
package io.j8s.controllers;

import org.jspecify.annotations.NullMarked;
