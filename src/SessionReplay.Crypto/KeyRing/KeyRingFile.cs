using System.Text.Json;
using SessionReplay.Files;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Reads and writes the key ring's file: whole or not at all, and for its owner's eyes only.</summary>
internal sealed class KeyRingFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What an operator can do about a ring that is missing or broken.</summary>
    public const string Remedy =
        "Restore it from a backup. If there is none, what was recorded is lost: stop all processes and run 'session-replay start-over' to see what, and to go on with a new key ring.";

    private readonly string _path = System.IO.Path.GetFullPath(path);

    public string Path => _path;

    public bool Exists => File.Exists(_path);

    /// <summary>The error of a ring that must be there and is not.</summary>
    public KeyManagementException Missing() =>
        new($"The key ring {_path} is missing, or its folder cannot be read, and the key store holds keys that are wrapped with it. {Remedy}");

    /// <summary>Renames a file that cannot be read as a key ring.</summary>
    /// <returns>Its new name, or <see langword="null"/> when there is no such file.</returns>
    public string? RenameBroken()
    {
        if (!Exists || TryRead())
        {
            return null;
        }

        var aside = $"{_path}.broken-{Guid.CreateVersion7():N}";
        File.Move(_path, aside);
        return aside;
    }

    public DateTime LastWriteTimeUtc => File.GetLastWriteTimeUtc(_path);

    public KeyRingContent Read()
    {
        CheckMode();
        try
        {
            using var stream = File.OpenRead(_path);
            var content = JsonSerializer.Deserialize(stream, KeyRingJson.Default.KeyRingContent);
            return content is { Keys.Count: > 0 } && content.Keys.Any(k => k?.Id == content.Current)
                && content.Keys.All(k => k is { Id: not null, Key.Length: 32 })
                ? content
                : throw new KeyManagementException($"The key ring {_path} holds no current key of 32 bytes. {Remedy}");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new KeyManagementException($"The key ring {_path} cannot be read. Check its permissions. {Remedy}", e);
        }
    }

    private bool TryRead()
    {
        CheckMode();
        try
        {
            Read();
            return true;
        }
        catch (KeyManagementException e) when (e.InnerException is null or JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes the ring for the first time.</summary>
    /// <returns><see langword="false"/> when another process was first; its ring stands.</returns>
    public bool TryCreate(KeyRingContent content)
    {
        var temporary = WriteTemporary(content);
        try
        {
            // A hard link is made only if the name is free: atomic, also between processes.
            return HardLink.TryCreate(temporary, _path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Replace(KeyRingContent content)
    {
        var temporary = WriteTemporary(content);
        try
        {
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw NotWritten(e);
        }

        DurableFolder.Flush(System.IO.Path.GetDirectoryName(_path)!);
    }

    /// <summary>
    /// Takes the lock that keeps two processes from rotating at once. Its file stays: a process that opened one that is being deleted would
    /// hold a lock that no other process sees.
    /// </summary>
    public FileStream Lock()
    {
        try
        {
            return PrivateFile.Open(
                _path + ".lock",
                new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 });
        }
        catch (IOException e)
        {
            throw new KeyManagementException($"Another process is rotating the key ring {_path}. Try again when it has ended.", e);
        }
    }

    private string WriteTemporary(KeyRingContent content)
    {
        var folder = System.IO.Path.GetDirectoryName(_path)!;
        var temporary = System.IO.Path.Combine(folder, $".key-ring-{Guid.CreateVersion7():N}.tmp");
        try
        {
            PrivateFile.CreateFolder(folder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            using var stream = PrivateFile.Open(temporary, options);
            JsonSerializer.Serialize(stream, content, KeyRingJson.Default.KeyRingContent);
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not leave keys behind.
            File.Delete(temporary);
            throw NotWritten(e);
        }
    }

    private KeyManagementException NotWritten(Exception e) =>
        new($"The key ring {_path} cannot be written. Check the folder's permissions and space.", e);

    private void CheckMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_path) && (File.GetUnixFileMode(_path) & ~OwnerOnly) != 0)
        {
            throw new KeyManagementException($"The key ring {_path} can be read by others than its owner. Run: chmod 600 '{_path}'");
        }
    }
}
