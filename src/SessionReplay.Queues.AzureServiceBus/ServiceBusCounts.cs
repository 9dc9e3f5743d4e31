using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Reads how many messages are in the queue from its description, which the service tells over HTTP alone.</summary>
internal sealed class ServiceBusCounts : IDisposable
{
    private const int MaxDescriptionBytes = 1024 * 1024;
    private static readonly XmlReaderSettings Xml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, Async = true };
    private readonly HttpClient _http;
    private readonly Uri _description;
    private readonly TokenSource _tokens;

    internal ServiceBusCounts(ServiceBusTarget target, ServiceBusConnector connector, TokenSource tokens)
    {
        _description = target.Management;
        _tokens = tokens;
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(15), AllowAutoRedirect = false };
        if (connector.Validation is { } validation)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = validation;
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxDescriptionBytes };
    }

    /// <returns>
    /// How many messages are stored, those deferred among them, and how many dead letters. What is scheduled is not among the former: all of it are
    /// reminders of deferred messages.
    /// </returns>
    /// <exception cref="ServiceBusRefusalException">The service does not tell.</exception>
    internal async Task<(long Stored, long Dead)> GetAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _description);
        request.Headers.Authorization = await _tokens.GetHeaderAsync(_description.GetLeftPart(UriPartial.Path), cancellationToken).ConfigureAwait(false);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw Refused((int)response.StatusCode, "counts of messages need the right Manage, over HTTPS");
        }

        if (!response.IsSuccessStatusCode)
        {
            throw Refused((int)response.StatusCode, "the queue's description cannot be read");
        }

        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using var reader = XmlReader.Create(content, Xml);
            var description = (await XDocument.LoadAsync(reader, LoadOptions.None, cancellationToken).ConfigureAwait(false))
                .Descendants().FirstOrDefault(element => element.Name.LocalName == "QueueDescription")
                ?? throw Refused(ServiceBusRefusalException.NotFound, "there is no queue of this name");
            var dead = Count(description, "DeadLetterMessageCount");

            // The service counts what is deferred in the sum alone.
            var apart = dead + Count(description, "ScheduledMessageCount")
                + Count(description, "TransferMessageCount") + Count(description, "TransferDeadLetterMessageCount");
            return (Math.Max(0, Count(description, "MessageCount") - apart), dead);
        }
    }

    public void Dispose() => _http.Dispose();

    private static long Count(XElement description, string name) =>
        (long?)description.Descendants().FirstOrDefault(element => element.Name.LocalName == name) ?? 0;

    private ServiceBusRefusalException Refused(int status, string description) => new(_description.Host, status, description);
}
