global using SessionReplay.AspNetCore;
global using SessionReplay.Testing;
global using Xunit;
