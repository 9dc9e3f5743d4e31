using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SessionReplay.Files;
using SessionReplay.Streams;

namespace SessionReplay.Storage.Blobs;

/// <summary>Keeps objects as files of a local folder: written beside their place, synced to the disk, then renamed.</summary>
internal sealed class LocalBlobStore : IBlobStore
{
    private const string TemporaryFolder = ".tmp";

    /// <summary>A file that nobody has written to for so long belongs to a process that has ended.</summary>
    private static readonly TimeSpan LeftOverAge = TimeSpan.FromMinutes(15);

    private readonly string _root;
    private readonly string _temporary;
    private readonly FolderSpace _space;
    private readonly TimeProvider _clock;
    private int _cleaned;

    public LocalBlobStore(IOptions<LocalBlobStoreOptions> options, TimeProvider clock)
    {
        _root = Path.GetFullPath(options.Value.Path);
        _temporary = Path.Combine(_root, TemporaryFolder);
        _space = new(_root, options.Value.MaxBytes, options.Value.MinFreeBytes, clock);
        _clock = clock;
    }

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, replace: true, cancellationToken);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, replace: false, cancellationToken);

    private async ValueTask WriteAsync(string key, Stream content, long length, bool replace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = PathOf(key);
        var temporary = Path.Combine(_temporary, $"{Guid.CreateVersion7():N}.tmp");
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            PrivateFile.CreateFolder(_temporary);
            RemoveLeftOvers();
            await _space.TakeAsync(length).ConfigureAwait(false);
            var placed = false;
            try
            {
                await DurableFile.WriteAsync(temporary, content, length, cancellationToken).ConfigureAwait(false);
                DurableFile.Place(temporary, path, replace);
                placed = true;
            }
            finally
            {
                File.Delete(temporary);
                _space.Give(placed ? 0 : length);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreUnavailableException(
                $"The object '{key}' could not be written. Check the space and the permissions of the blob folder.", e);
        }
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        try
        {
            var file = new FileStream(
                PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
            if (offset > file.Length || (length is { } wanted && offset + wanted > file.Length)
                || (length is null && offset == file.Length && offset > 0))
            {
                file.Dispose();
                throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The range is not within the object '{key}'.");
            }

            file.Position = offset;
            return ValueTask.FromResult<Stream>(new ExactLengthStream(file, length ?? (file.Length - offset)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobNotFoundException(key, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreUnavailableException($"The object '{key}' could not be read. Check the permissions of the blob folder.", e);
        }
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        // A prefix names a folder up to its last slash; what follows narrows the names in it.
        var slash = prefix.LastIndexOf('/');
        if (slash > 0)
        {
            BlobKey.ThrowIfInvalid(prefix[..slash]);
        }

        using var blobs = Blobs(slash > 0 ? Path.Combine(_root, prefix[..slash]) : _root).GetEnumerator();
        while (MoveNext(blobs))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (blobs.Current.Key.StartsWith(prefix, StringComparison.Ordinal)
                && !blobs.Current.Key.StartsWith(TemporaryFolder, StringComparison.Ordinal))
            {
                yield return blobs.Current;
            }
        }
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var folders = new HashSet<string>();
        try
        {
            RemoveLeftOvers();
            foreach (var path in keys.Select(PathOf).ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = new FileInfo(path);
                if (file.Exists)
                {
                    _space.Give(file.Length);
                    file.Delete();
                    folders.Add(Path.GetDirectoryName(path)!);
                }
            }

            foreach (var folder in folders)
            {
                Prune(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreUnavailableException("Objects could not be deleted. Check the permissions of the blob folder.", e);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Removes, at the first use, what processes that were killed have left half-written.</summary>
    private void RemoveLeftOvers()
    {
        if (Interlocked.Exchange(ref _cleaned, 1) == 1 || !Directory.Exists(_temporary))
        {
            return;
        }

        var before = _clock.GetUtcNow().UtcDateTime - LeftOverAge;
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before))
        {
            file.Delete();
        }
    }

    /// <summary>Makes sure that the folder can be written; for the health check.</summary>
    public void CheckWritable()
    {
        PrivateFile.CreateFolder(_temporary);
        RemoveLeftOvers();
        var probe = Path.Combine(_temporary, $"{Guid.CreateVersion7():N}.probe");
        using var file = PrivateFile.Open(
            probe, new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1,
                Options = FileOptions.DeleteOnClose });
        file.WriteByte(0);
    }

    private IEnumerable<BlobInfo> Blobs(string folder)
    {
        if (File.Exists(_root))
        {
            throw new IOException($"{_root} is not a folder.");
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            if (file.Exists)
            {
                yield return new(
                    Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length,
                    file.LastWriteTimeUtc);
            }
        }
    }

    /// <summary>Only a folder that is not there is empty: one that cannot be read must not look like one whose objects are gone.</summary>
    private static bool MoveNext(IEnumerator<BlobInfo> blobs)
    {
        try
        {
            return blobs.MoveNext();
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreUnavailableException("The objects could not be listed. Check the permissions of the blob folder.", e);
        }
    }

    private void Prune(string folder)
    {
        for (; folder.Length > _root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty, or gone already: both are as they should be.
                return;
            }
        }
    }

    private string PathOf(string key)
    {
        BlobKey.ThrowIfInvalid(key);
        if (key.StartsWith(TemporaryFolder, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Keys that begin with '{TemporaryFolder}' are the store's own.", nameof(key));
        }

        return Path.Combine(_root, key);
    }
}
