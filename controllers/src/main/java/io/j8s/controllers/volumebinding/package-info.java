/// Binds PersistentVolumeClaims to PersistentVolumes, asks for new volumes where none fits, and gives volumes back when their claims are gone.
@NullMarked
package io.j8s.controllers.volumebinding;

import org.jspecify.annotations.NullMarked;
