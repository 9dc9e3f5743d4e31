using Microsoft.Extensions.Primitives;
using SessionReplay.Player.Console;

namespace SessionReplay.Player.Tests.Console;

public sealed class PolicyNonceTests
{
    [Theory]
    [InlineData("script-src 'nonce-abc+/_-1=='", "abc+/_-1==")]
    [InlineData("default-src 'nonce-d'", "d")]
    [InlineData("default-src 'nonce-d'; SCRIPT-SRC 'self' 'Nonce-s'", "s")]
    [InlineData("script-src 'nonce-s'; script-src-elem 'nonce-e'; style-src 'nonce-x'", "e")]
    [InlineData("default-src 'self', script-src 'nonce-second'", "second")]
    [InlineData(" ;; script-src\t'nonce-tab' ", "tab")]
    [InlineData("default-src 'nonce-d'; script-src 'self'", null)]
    [InlineData("style-src 'nonce-x'", null)]
    [InlineData("script-src-attr 'nonce-x'", null)]
    [InlineData("script-src 'nonce-\"><script>'", null)]
    [InlineData("script-src 'nonce-'", null)]
    [InlineData("", null)]
    public void Find_Policy_GivesTheNonceOfItsScripts(string policy, string? expected) => Assert.Equal(expected, PolicyNonce.Find(policy));

    [Fact]
    public void Find_SeveralHeaders_GivesTheFirstNonce() =>
        Assert.Equal("b", PolicyNonce.Find(new StringValues(["default-src 'self'", "script-src 'nonce-b'", "script-src 'nonce-c'"])));

    [Fact]
    public void Find_NoHeader_GivesNone() => Assert.Null(PolicyNonce.Find(StringValues.Empty));
}
