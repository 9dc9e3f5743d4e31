using Microsoft.Extensions.Options;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Lends all buffers of ingest, and keeps those given back for the next request: what is lent and what is kept is together at most
/// <see cref="IngestOptions.MaxMemoryBytes"/>. Once half of it is lent, no address gets more than a sixteenth. The runtime's shared pool
/// has no such bound: it keeps arrays of each size for each core.
/// </summary>
internal sealed class IngestMemory(IOptions<IngestOptions> options)
{
    private const int MinSize = 4_096;

    /// <summary>Arrays in a power of two of sizes: none is more than a quarter larger than asked for.</summary>
    private const int Steps = 4;

    /// <summary>The part of the memory that one address may hold while little is left.</summary>
    private const int AddressShare = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<byte[]>> _kept = [];
    private readonly Dictionary<string, long> _lentTo = new(StringComparer.Ordinal);
    private long _lent;
    private long _keptBytes;
    private long _dropped;

    /// <summary>Bytes in buffers that are in use.</summary>
    public long Lent => Interlocked.Read(ref _lent);

    /// <summary>Bytes that the process holds for ingest: in use, and kept for the next request.</summary>
    public long Held => Lent + Interlocked.Read(ref _keptBytes);

    /// <summary>Begins the account of one request; what it borrowed is given back when the account is disposed.</summary>
    /// <param name="address">Who sent the request (<see cref="TokenBuckets.NameOf"/>).</param>
    public Account Open(string address) => new(this, address);

    private static int SizeOf(int least)
    {
        least = Math.Max(least, MinSize);
        var step = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)least) / 2 / Steps;
        return (int)(((long)least + step - 1) / step * step);
    }

    /// <exception cref="IngestRejectedException">Others hold too much at the moment.</exception>
    private byte[] Lend(int size, string address, long heldByRequest)
    {
        lock (_lock)
        {
            var max = options.Value.MaxMemoryBytes;
            var lentTo = _lentTo.GetValueOrDefault(address);
            if (_lent > max / 2 && lentTo > heldByRequest && lentTo + size > max / AddressShare)
            {
                throw IngestProblems.Unavailable("overloaded", "The requests of this address hold too much memory.");
            }

            if (_kept.TryGetValue(size, out var same) && same.TryPop(out var array))
            {
                _keptBytes -= size;
                Count(address, size);
                return array;
            }

            // A request alone always succeeds: it is within its own limits.
            if (_lent + size > max && _lent > heldByRequest)
            {
                throw IngestProblems.Unavailable("overloaded", "The ingest memory limit is reached.");
            }

            MakeRoom(size);
            Count(address, size);
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    private void Count(string address, long size)
    {
        _lent += size;
        if ((_lentTo[address] = _lentTo.GetValueOrDefault(address) + size) == 0)
        {
            _lentTo.Remove(address);
        }
    }

    private void GiveBack(byte[] array, string address)
    {
        lock (_lock)
        {
            Count(address, -array.Length);
            if (_lent + _keptBytes + array.Length <= options.Value.MaxMemoryBytes)
            {
                (_kept.TryGetValue(array.Length, out var same) ? same : _kept[array.Length] = new()).Push(array);
                _keptBytes += array.Length;
            }
            else
            {
                Drop(array.Length);
            }
        }
    }

    /// <summary>Drops kept arrays of other sizes until one of this size has room.</summary>
    private void MakeRoom(int size)
    {
        foreach (var (kept, arrays) in _kept)
        {
            while (_lent + _keptBytes + size > options.Value.MaxMemoryBytes && arrays.TryPop(out _))
            {
                _keptBytes -= kept;
                Drop(kept);
            }
        }
    }

    /// <summary>What is dropped is in memory until a collection: one is made before it is as much as a quarter of the limit.</summary>
    private void Drop(int size)
    {
        _dropped += size;
        if (_dropped > options.Value.MaxMemoryBytes / 4)
        {
            _dropped = 0;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        }
    }

    internal sealed class Account(IngestMemory memory, string address) : IBufferPool, IDisposable
    {
        private readonly HashSet<byte[]> _arrays = [];
        private long _bytes;

        /// <summary>Borrows an array; it is not empty of what others wrote.</summary>
        /// <exception cref="IngestRejectedException">Others hold too much at the moment.</exception>
        public byte[] Rent(int minLength)
        {
            var array = memory.Lend(SizeOf(minLength), address, _bytes);
            _arrays.Add(array);
            _bytes += array.Length;
            return array;
        }

        /// <summary>Gives an array back before the request ends.</summary>
        public void Return(byte[] array)
        {
            if (_arrays.Remove(array))
            {
                _bytes -= array.Length;
                memory.GiveBack(array, address);
            }
        }

        public void Dispose()
        {
            foreach (var array in _arrays)
            {
                // What a buffer held is cleared by its owner; an array that its owner left behind may hold anything.
                Array.Clear(array);
                memory.GiveBack(array, address);
            }

            _arrays.Clear();
            _bytes = 0;
        }
    }
}
