/// The built-in admission plugins, one class each, under the names that `--enable-admission-plugins` knows.
@NullMarked
package io.j8s.apiserver.admission.plugins;

import org.jspecify.annotations.NullMarked;
