global using SessionReplay.AspNetCore;
global using SessionReplay.TestHosts;
global using SessionReplay.Testing;
