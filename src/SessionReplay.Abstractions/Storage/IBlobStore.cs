namespace SessionReplay.Storage;

/// <summary>
/// Keeps objects by key. Safe for concurrent use, also by many processes. A key is 1 to 512 characters of letters, digits and <c>/_.-</c>,
/// without an empty, <c>.</c> or <c>..</c> segment.
/// </summary>
/// <remarks>
/// Every member throws <see cref="BlobStoreUnavailableException"/> when the store did not confirm; the call may be made again.
/// </remarks>
public interface IBlobStore
{
    /// <summary>
    /// Writes an object whole or not at all; an object of the same key is replaced. Nothing is to be seen of it before it is durable.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The content, read from its position to its end, once; a store that must repeat parts of it buffers them
    /// itself.</param>
    /// <param name="length">The number of bytes in <paramref name="content"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the object may have been written all the same.</param>
    /// <returns>A task that ends when the object is durable.</returns>
    /// <exception cref="ArgumentException">The key is not of the form above, or the content has not <paramref name="length"/>
    /// bytes.</exception>
    ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken);

    /// <summary>
    /// Writes an object under a key that never gets another content: a store that can refuses to replace one (<c>If-None-Match: *</c> and
    /// its like), and an object that is already there counts as written, so that the call may be made again.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The content, as of <see cref="PutAsync"/>.</param>
    /// <param name="length">The number of bytes in <paramref name="content"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the object may have been written all the same.</param>
    /// <returns>A task that ends when an object of this key is durable.</returns>
    /// <exception cref="ArgumentException">The key is not of the form above, or the content has not <paramref name="length"/>
    /// bytes.</exception>
    /// <remarks>A store that has no conditional writes leaves this as it is: it then replaces.</remarks>
    ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        PutAsync(key, content, length, cancellationToken);

    /// <summary>Opens a range of an object for reading.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes; <see langword="null"/> reads to the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A stream of the range as it arrives; the caller disposes it. It ends early with an <see cref="IOException"/>, never
    /// silently.</returns>
    /// <exception cref="BlobNotFoundException">There is no such object.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the object.</exception>
    ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a presigned URL: whoever has it can read the object, or ranges of it, with GET requests of HTTP and without credentials, until
    /// it expires. Whether there is such an object is not checked.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="expires">Until when it is valid; in the future, by less than a day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The URL; <see langword="null"/> if the store cannot make one, because it has no server of its own or its credentials sign
    /// nothing.</returns>
    /// <remarks>A store that cannot do this leaves it as it is.</remarks>
    ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Uri?>(null);

    /// <summary>Lists objects by prefix, page by page as they are asked for.</summary>
    /// <param name="prefix">The beginning of the keys; it need not end at a slash. Empty lists all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The objects, each once, in no promised order.</returns>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes objects. An object that is not there counts as deleted.</summary>
    /// <param name="keys">The keys, any number.</param>
    /// <param name="cancellationToken">Ends the wait; some may have been deleted.</param>
    /// <returns>A task that ends when all are deleted.</returns>
    ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Makes an object of segments, whole or not at all, without moving the bytes of other objects through this process (UploadPartCopy,
    /// compose, block lists). An object of the same key is replaced.
    /// </summary>
    /// <param name="key">The key of the new object.</param>
    /// <param name="segments">The segments in order, at least one.</param>
    /// <param name="cancellationToken">Ends the wait; the object may have been written all the same.</param>
    /// <returns>Whether the store did it. <see langword="false"/> if it cannot, for example because of its smallest part size or number of
    /// parts, or because a compatible server lacks the call; then nothing was written, and the caller writes the bytes itself.</returns>
    /// <exception cref="BlobNotFoundException">The object of a segment does not exist.</exception>
    /// <remarks>A store that cannot do this leaves it as it is.</remarks>
    ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);

    /// <summary>
    /// Creates the bucket or container if there is none, and replaces the retention rules that were set up before. The rules are a second
    /// line of defence behind the retention of the application, which deletes keys and rows too. Called by an operator's command only.
    /// </summary>
    /// <param name="rules">The rules; empty removes them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was done, one line each, for the operator to read; empty if the store needs no set-up.</returns>
    /// <exception cref="NotSupportedException">The store cannot apply rules; the message says how to set them up by hand.</exception>
    /// <remarks>A store that needs no set-up leaves this as it is.</remarks>
    ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([]);
}
