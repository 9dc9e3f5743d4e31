using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>Something outside this process: what it is called, which of its errors mean that it is away, and how that is said.</summary>
/// <param name="Name">Its name in sentences.</param>
/// <param name="Section">Its section in <c>SessionReplay:Resilience</c>.</param>
/// <param name="IsFailure">Whether an error of its adapter means that it is away, and not that it has answered.</param>
/// <param name="Unavailable">Makes the error of its contract.</param>
internal sealed record Dependency(
    string Name, string Section, Func<Exception, bool> IsFailure, Func<string, Exception?, TimeSpan?, Exception> Unavailable)
{
    public static Dependency Queue { get; } = new(
        "queue", "Queue", static e => e is QueueUnavailableException,
        static (message, e, retryAfter) => new QueueUnavailableException(message, e) { RetryAfter = retryAfter });

    public static Dependency BlobStore { get; } = new(
        "blob store", "Storage", static e => e is BlobStoreUnavailableException,
        static (message, e, retryAfter) => new BlobStoreUnavailableException(message, e) { RetryAfter = retryAfter });

    public static Dependency Catalog { get; } = new("catalog", "Catalog", IsCatalogFailure, CatalogUnavailable);

    public static Dependency AuditLog { get; } = new("audit log", "Audit", IsCatalogFailure, CatalogUnavailable);

    public static Dependency KeyStore { get; } = new(
        "key store", "KeyStore", static e => e is KeyStoreUnavailableException,
        static (message, e, retryAfter) => new KeyStoreUnavailableException(message, e) { RetryAfter = retryAfter });

    public static Dependency KeyManagement { get; } = new(
        "key management", "KeyManagement", static e => e is KeyManagementException { IsPermanent: false },
        static (message, e, retryAfter) => new KeyManagementException(message, e) { RetryAfter = retryAfter });

    /// <summary>Its name in metrics, health checks and problems.</summary>
    public string Id { get; } = Name.Replace(' ', '-');

    /// <summary>The dependency whose contract an error belongs to; <see langword="null"/> for any other error. The audit log's errors are the catalog's.</summary>
    public static Dependency? Of(Exception error) => error switch
    {
        QueueUnavailableException => Queue,
        BlobStoreUnavailableException => BlobStore,
        CatalogUnavailableException => Catalog,
        KeyStoreUnavailableException => KeyStore,
        KeyManagementException => KeyManagement,
        _ => null,
    };

    /// <summary>After what time the error says to call again.</summary>
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
