using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>Something outside this process that the application calls.</summary>
public sealed class Dependency
{
    private Dependency(
        string name, string section, Func<Exception, bool> isFailure, Func<string, Exception?, TimeSpan?, Exception> unavailable) =>
        (Name, Id, Section, IsFailure, Unavailable) = (name, name.Replace(' ', '-'), section, isFailure, unavailable);

    /// <summary>Gets the message queue.</summary>
    public static Dependency Queue { get; } = new(
        "queue", "Queue", static e => e is QueueUnavailableException,
        static (message, e, retryAfter) => new QueueUnavailableException(message, e) { RetryAfter = retryAfter });

    /// <summary>Gets the blob store.</summary>
    public static Dependency BlobStore { get; } = new(
        "blob store", "Storage", static e => e is BlobStoreUnavailableException,
        static (message, e, retryAfter) => new BlobStoreUnavailableException(message, e) { RetryAfter = retryAfter });

    /// <summary>Gets the catalog.</summary>
    public static Dependency Catalog { get; } = new("catalog", "Catalog", IsCatalogFailure, CatalogUnavailable);

    /// <summary>Gets the audit log.</summary>
    public static Dependency AuditLog { get; } = new("audit log", "Audit", IsCatalogFailure, CatalogUnavailable);

    /// <summary>Gets the key store.</summary>
    public static Dependency KeyStore { get; } = new(
        "key store", "KeyStore", static e => e is KeyStoreUnavailableException,
        static (message, e, retryAfter) => new KeyStoreUnavailableException(message, e) { RetryAfter = retryAfter });

    /// <summary>Gets the key management.</summary>
    public static Dependency KeyManagement { get; } = new(
        "key management", "KeyManagement", static e => e is KeyManagementException { IsPermanent: false },
        static (message, e, retryAfter) => new KeyManagementException(message, e) { RetryAfter = retryAfter });

    /// <summary>Gets its name in sentences.</summary>
    public string Name { get; }

    /// <summary>Gets its name in metrics, health checks and problems.</summary>
    public string Id { get; }

    /// <summary>Gets its section in <c>SessionReplay:Resilience</c>.</summary>
    internal string Section { get; }

    /// <summary>Gets whether an error of its adapter means that it is unavailable, and not that it has answered.</summary>
    internal Func<Exception, bool> IsFailure { get; }

    /// <summary>Gets what makes the error of its contract.</summary>
    internal Func<string, Exception?, TimeSpan?, Exception> Unavailable { get; }

    /// <summary>Gets the dependency whose contract an error belongs to.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The dependency, the catalog for the audit log's errors; <see langword="null"/> for any other error.</returns>
    public static Dependency? Of(Exception error) => error switch
    {
        QueueUnavailableException => Queue,
        BlobStoreUnavailableException => BlobStore,
        CatalogUnavailableException => Catalog,
        KeyStoreUnavailableException => KeyStore,
        KeyManagementException => KeyManagement,
        _ => null,
    };

    /// <summary>Gets the time after which an error says to call again.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The time; <see langword="null"/> if the error names none.</returns>
    public static TimeSpan? RetryAfter(Exception error) => error switch
    {
        QueueUnavailableException e => e.RetryAfter,
        BlobStoreUnavailableException e => e.RetryAfter,
        CatalogUnavailableException e => e.RetryAfter,
        KeyStoreUnavailableException e => e.RetryAfter,
        KeyManagementException e => e.RetryAfter,
        _ => null,
    };

    private static bool IsCatalogFailure(Exception error) => error is CatalogUnavailableException;

    private static CatalogUnavailableException CatalogUnavailable(string message, Exception? error, TimeSpan? retryAfter) =>
        new(message, error) { RetryAfter = retryAfter };
}
