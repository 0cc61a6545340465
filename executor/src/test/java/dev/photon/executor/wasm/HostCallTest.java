package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.registry.GuestModule;
import dev.photon.registry.HostInterface;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostCallTest {
    @ParameterizedTest
    @EnumSource
    void everyFunctionThatModulesMayImportIsThere(HostInterface offered) {
        var calls = offered.functions().stream()
                .map(name -> HostCall.of(new GuestModule.HostImport(offered, name)))
                .toList();

        assertThat(calls).doesNotHaveDuplicates().extracting(HostCall::from).containsOnly(offered);
        assertThat(List.of(calls.getFirst().getClass().getEnumConstants())).hasSameSizeAs(calls);
    }
}
