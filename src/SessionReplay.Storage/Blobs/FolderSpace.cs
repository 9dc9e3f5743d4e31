using System.Globalization;

namespace SessionReplay.Storage.Blobs;

/// <summary>Bounds how much of its disk a blob folder takes. Processes that share the folder count the others' objects every few minutes.</summary>
internal sealed class FolderSpace(string root, long? maxBytes, long minFreeBytes, TimeProvider clock)
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private long? _countedAt;
    private long _used;

    /// <summary>Claims the space of an object that is to be written.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public void Take(long bytes)
    {
        var free = new DriveInfo(root).AvailableFreeSpace;
        if (free - bytes < minFreeBytes)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The disk has {free} bytes left, and MinFreeBytes ({minFreeBytes}) of them stay free."));
        }

        if (maxBytes is not { } bound)
        {
            return;
        }

        lock (_gate)
        {
            if (_countedAt is not { } at || clock.GetElapsedTime(at) > CountInterval)
            {
                _used = new DirectoryInfo(root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Sum(static file => file.Length);
                _countedAt = clock.GetTimestamp();
            }

            if (_used + bytes > bound)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The folder holds {_used} bytes and may hold MaxBytes ({bound})."));
            }

            _used += bytes;
        }
    }

    /// <summary>Gives back what was deleted, or not written after all.</summary>
    public void Give(long bytes)
    {
        lock (_gate)
        {
            _used = Math.Max(0, _used - bytes);
        }
    }
}
