/// How admission plugins are set up by a file (`--admission-control-config-file`).
@NullMarked
package io.j8s.apiserver.admission.configuration;

import org.jspecify.annotations.NullMarked;
