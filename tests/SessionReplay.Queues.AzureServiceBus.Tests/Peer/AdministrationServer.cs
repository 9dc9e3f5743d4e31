using System.Globalization;
using System.Net;
using System.Text;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Describes queues over HTTP, and creates them, for who may.</summary>
internal sealed class AdministrationServer : IDisposable
{
    private const string Connect = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private const string Counts = "http://schemas.microsoft.com/netservices/2011/06/servicebus";
    private readonly HttpListener _listener = new();
    private readonly Func<string, bool, StoredQueue?> _find;
    private readonly IReadOnlyList<SasPolicy> _policies;

    public AdministrationServer(Func<string, bool, StoredQueue?> find, IReadOnlyList<SasPolicy> policies)
    {
        _find = find;
        _policies = policies;
        Port = FreePort.Next();
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = Answer(context.Request);
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // A client has gone, or this ends.
            }
        }
    }

    private (int Status, string Body) Answer(HttpListenerRequest request)
    {
        var refusal = SasPolicy.Refuse(
            _policies, request.Headers["Authorization"] ?? "", request.Url!.GetLeftPart(UriPartial.Path), out var policy, out _);
        if (refusal is not null || !policy!.Manage || request.QueryString["api-version"] is null)
        {
            return (401, "<Error><Code>401</Code></Error>");
        }

        var creates = request.HttpMethod == "PUT";
        if (_find(request.Url.AbsolutePath.TrimStart('/'), creates) is not { } queue)
        {
            return (200, """<feed xmlns="http://www.w3.org/2005/Atom"><title>Publicly Listed Services</title></feed>""");
        }

        var (active, scheduled) = queue.Count();
        var (dead, _) = queue.DeadLetters!.Count();
        return (creates ? 201 : 200, string.Create(CultureInfo.InvariantCulture, $"""
            <entry xmlns="http://www.w3.org/2005/Atom"><title type="text">{queue.Name}</title><content type="application/xml">
            <QueueDescription xmlns="{Connect}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><MessageCount>{active + scheduled + dead}</MessageCount>
            <CountDetails xmlns:d2p1="{Counts}"><d2p1:ActiveMessageCount>{active}</d2p1:ActiveMessageCount>
            <d2p1:DeadLetterMessageCount>{dead}</d2p1:DeadLetterMessageCount><d2p1:ScheduledMessageCount>{scheduled}</d2p1:ScheduledMessageCount>
            </CountDetails></QueueDescription></content></entry>
            """));
    }
}
