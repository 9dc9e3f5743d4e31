namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// Gives tokens of Microsoft Entra ID. Register an implementation as a singleton, for instance one that asks the credential of Azure.Identity for the
/// scope <c>https://servicebus.azure.net/.default</c>; it is used when the connection string holds no key.
/// </summary>
public interface IServiceBusTokenProvider
{
    /// <summary>Gets a token that is valid now. It is called when a connection is made and again before the token expires.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token. An exception of any kind means that there is none now; it is asked for again.</returns>
    ValueTask<ServiceBusToken> GetTokenAsync(CancellationToken cancellationToken);
}
