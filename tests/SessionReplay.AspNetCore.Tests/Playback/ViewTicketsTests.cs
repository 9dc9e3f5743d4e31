using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>A ticket is of one viewer and one session, for some hours; any other is as none.</summary>
public sealed class ViewTicketsTests : IAsyncLifetime
{
    private static readonly SessionRef One = new(new("shop"), BatchSamples.NewSession());
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private FullHost _host = null!;
    private ISessionCipherProvider _ciphers = null!;
    private ISessionCipher _cipher = null!;
    private string _ticket = null!;

    private ViewTickets Tickets => new(_clock);

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync();
        _ciphers = _host.Services.GetRequiredService<ISessionCipherProvider>();
        _cipher = await CipherAsync(One);
        _ticket = Tickets.Issue(Request(null), One, _cipher.Fields);
    }

    public async Task DisposeAsync()
    {
        _cipher.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public void Accept_OwnTicket_CoversTheRequestForEightHours()
    {
        var request = Request(_ticket);
        Assert.Equal(_ticket, Tickets.Accept(request, One, _cipher.Fields));
        Assert.True(PlaybackAudit.IsCovered(request, "ok"));
        Assert.False(PlaybackAudit.IsCovered(request, "not-found"));

        _clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(_ticket, Tickets.Accept(Request(_ticket), One, _cipher.Fields));
        _clock.Advance(TimeSpan.FromSeconds(1));
        request = Request(_ticket);
        Assert.Null(Tickets.Accept(request, One, _cipher.Fields));
        Assert.False(PlaybackAudit.IsCovered(request, "ok"));
    }

    [Theory]
    [InlineData("bob", "192.0.2.1")]
    [InlineData("Ann", "192.0.2.1")]
    [InlineData(null, "192.0.2.1")]
    [InlineData("ann", "192.0.2.2")]
    [InlineData("ann", null)]
    [InlineData("ann1", "92.0.2.1")]
    public void Accept_OfAnotherViewer_IsAsNone(string? user, string? address) =>
        Assert.Null(Tickets.Accept(Request(_ticket, user, address), One, _cipher.Fields));

    [Fact]
    public async Task Accept_OfAnotherSession_IsAsNone()
    {
        foreach (var other in new[] { One with { Session = BatchSamples.NewSession() }, One with { Tenant = new("other") } })
        {
            using var cipher = await CipherAsync(other);
            Assert.Null(Tickets.Accept(Request(_ticket), other, cipher.Fields));
        }
    }

    [Fact]
    public void Accept_AnythingElse_IsAsNone()
    {
        var changed = Enumerable.Range(0, _ticket.Length)
            .Select(i => string.Concat(_ticket.AsSpan(0, i), _ticket[i] == 'A' ? "B" : "A", _ticket.AsSpan(i + 1)));
        foreach (var ticket in changed.Concat(["", "x", _ticket[1..], _ticket + "A", _ticket + "=", $" {_ticket}", new('A', 5_000), "ÄÖÜ"]))
        {
            Assert.Null(Tickets.Accept(Request(ticket), One, _cipher.Fields));
        }

        var twice = Request(null);
        twice.Request.QueryString = new($"?view={_ticket}&view={_ticket}");
        Assert.Null(Tickets.Accept(twice, One, _cipher.Fields));
    }

    private static DefaultHttpContext Request(string? ticket, string? user = "ann", string? address = "192.0.2.1")
    {
        var context = new DefaultHttpContext
        {
            User = user is null ? new() : new(new ClaimsIdentity([new(ClaimTypes.Name, user)], "test")),
        };
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.QueryString = ticket is null ? QueryString.Empty : QueryString.Create("view", ticket);
        return context;
    }

    private ValueTask<ISessionCipher> CipherAsync(SessionRef session) =>
        _ciphers.GetOrCreateAsync(session, Upload.Secret, static () => ValueTask.CompletedTask, default);
}
