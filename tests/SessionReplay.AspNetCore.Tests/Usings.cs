global using SessionReplay.TestHosts;
global using SessionReplay.Testing;
