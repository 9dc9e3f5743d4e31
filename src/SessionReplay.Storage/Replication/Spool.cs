using SessionReplay.Files;

namespace SessionReplay.Storage.Replication;

/// <summary>
/// Content that is read once and written to several members: in pooled memory when it is small, else in a temporary file (it is sealed
/// already).
/// </summary>
internal sealed class Spool : IAsyncDisposable
{
    private const int MaxInMemory = 8 * 1024 * 1024;

    private readonly UploadBuffer? _memory;
    private readonly FileStream? _file;

    private Spool(UploadBuffer? memory, FileStream? file) => (_memory, _file) = (memory, file);

    /// <exception cref="ArgumentException">The content's length does not match the declared length.</exception>
    /// <exception cref="BlobStoreUnavailableException">The temporary file cannot be written.</exception>
    public static async ValueTask<Spool> ReadAsync(Stream content, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (length <= MaxInMemory)
        {
            return new(await UploadBuffer.ReadAsync(content, (int)length, isLast: true, cancellationToken).ConfigureAwait(false), null);
        }

        var file = Create();
        try
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            if (file.Length != length)
            {
                throw new ArgumentException("The content's length does not match the declared length.", nameof(content));
            }

            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            return new(null, file);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives the content from its beginning; any number of times, also at once.</summary>
    public Stream Open() =>
        _memory?.AsStream() as Stream
        ?? new FileStream(_file!.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);

    public async ValueTask DisposeAsync()
    {
        _memory?.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static FileStream Create()
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"session-replay-{Guid.CreateVersion7():N}.tmp");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            };
            return PrivateFile.Open(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreUnavailableException(
                "A large object could not be held for the members. Check the space and the permissions of the temporary folder.", e);
        }
    }
}
