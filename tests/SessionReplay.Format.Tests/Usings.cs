global using SessionReplay.Testing;
