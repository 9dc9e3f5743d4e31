using System.Globalization;

namespace SessionReplay.Storage.Blobs;

/// <summary>
/// Bounds how much of its disk a blob folder takes. Processes that share the folder count the others' objects every few minutes. There may
/// be millions: only the first count is waited for, and nothing else is held up by one.
/// </summary>
internal sealed class FolderSpace(string root, long? maxBytes, long minFreeBytes, TimeProvider clock)
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private Task _count = Task.CompletedTask;
    private bool _isCounting;
    private bool _isCounted;
    private long _countedAt;
    private long _used;
    private long _takenDuringScan;

    /// <summary>Claims the space of an object that is to be written.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public async ValueTask TakeAsync(long bytes)
    {
        var free = new DriveInfo(root).AvailableFreeSpace;
        if (free - bytes < minFreeBytes)
        {
            throw new IOException(
                string.Create(
                    CultureInfo.InvariantCulture, $"The disk has {free} bytes left, and MinFreeBytes ({minFreeBytes}) of them stay free."));
        }

        if (maxBytes is not { } bound)
        {
            return;
        }

        await FirstCount().ConfigureAwait(false);
        lock (_gate)
        {
            if (_used + bytes > bound)
            {
                throw new IOException(
                    string.Create(CultureInfo.InvariantCulture, $"The folder holds {_used} bytes and may hold MaxBytes ({bound})."));
            }

            _used += bytes;
            _takenDuringScan += bytes;
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

    /// <summary>Begins a count when it is time for one.</summary>
    /// <returns>What is to be waited for: a count, while there is none.</returns>
    private Task FirstCount()
    {
        lock (_gate)
        {
            if (!_isCounting && !(_isCounted && clock.GetElapsedTime(_countedAt) <= CountInterval))
            {
                (_isCounting, _takenDuringScan) = (true, 0);
                _count = Task.Run(Count);
            }

            return _isCounted ? Task.CompletedTask : _count;
        }
    }

    private void Count()
    {
        long? counted = null;
        try
        {
            counted =
                new DirectoryInfo(root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                    .Sum(LengthOf);
        }
        finally
        {
            lock (_gate)
            {
                // What was written in between may be counted twice, until the next count. After one that failed, writers wait for the next
                // and get its error.
                _used = counted + _takenDuringScan ?? _used;
                (_isCounting, _isCounted, _countedAt) = (false, counted is not null, clock.GetTimestamp());
            }
        }
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was listed.
            return 0;
        }
    }
}
