namespace SessionReplay.Abstractions.Tests.Sessions;

public sealed class IdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0-_")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789-_ab")]
    public void TenantId_Valid_ComesBack(string text)
    {
        Assert.True(TenantId.TryParse(text, out var tenant));
        Assert.Equal(text, tenant.ToString());
        Assert.Equal(new TenantId(text), tenant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("\u00e4")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789-_abc")]
    public void TenantId_Invalid_IsRefused(string text)
    {
        Assert.False(TenantId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new TenantId(text));
    }

    [Fact]
    public void SessionAndWindowId_WrittenOrAsText_ComeBack()
    {
        var session = SessionId.Create(TimeProvider.System);
        var window = WindowId.Create(TimeProvider.System);
        var bytes = new byte[16];
        session.Write(bytes);
        Assert.True(
            SessionId.TryRead(bytes, out var readSession) && SessionId.TryParse(session.ToString(), out var parsedSession)
            && parsedSession == session);
        Assert.Equal(session, readSession);
        Assert.Equal(Convert.ToHexStringLower(bytes), session.ToString());
        window.Write(bytes);
        Assert.True(
            WindowId.TryRead(bytes, out var readWindow) && WindowId.TryParse(window.Value.ToString("D"), out var parsedWindow)
            && parsedWindow == window);
        Assert.Equal(window, readWindow);
    }

    [Fact]
    public void SessionId_NotVersion7_IsRefused()
    {
        var random = Guid.NewGuid();
        Assert.False(SessionId.TryParse(random.ToString("N"), out _));
        Assert.False(WindowId.TryRead(random.ToByteArray(bigEndian: true), out _));
        Assert.False(SessionId.TryRead(new byte[15], out _));
        Assert.False(SessionId.TryParse(null, out _));
    }
}
