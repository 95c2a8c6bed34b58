"""Words of the feed."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "hand on what changed about people whom you follow": (
        "chuyển giao biến động của những người đang theo dõi"
    ),
    "Reads the feed and hands on each event, in order: as a line of a file, to a program's "
    "standard input, or to an address on this machine. Where it has got to is kept when the event "
    "is safe there; after a crash one may come twice, under the same id, and none is left out.": (
        "Đọc thông báo biến động và chuyển giao từng biến động theo thứ tự: ghi thành một dòng "
        "trong tệp, đưa vào đầu vào chuẩn của một chương trình, hoặc gửi tới một địa chỉ trên máy "
        "này. Vị trí đã đọc chỉ được lưu khi bên nhận đã giữ an toàn; sau sự cố, một biến động có "
        "thể đến hai lần với cùng một id, không biến động nào bị bỏ sót."
    ),
    "append each event as a line of JSON": "ghi thêm mỗi biến động thành một dòng JSON",
    "run it for each event; exit code 0 says that it is taken": (
        "chạy cho mỗi biến động; mã kết thúc 0 nghĩa là đã nhận"
    ),
    "post each event there; 2xx says that it is taken": (
        "gửi (POST) mỗi biến động tới đó; 2xx nghĩa là đã nhận"
    ),
    "only this kind of change; may be given several times": (
        "chỉ loại biến động này; có thể nêu nhiều lần"
    ),
    "how often to look (30)": "bao nhiêu giây xem một lần (30)",
    "end when there is nothing new at the moment": "kết thúc khi hiện không còn gì mới",
    "begin with everything that the exchange keeps": (
        "bắt đầu từ mọi biến động mà cổng trao đổi còn lưu"
    ),
    "Handed over: %(n)d": "Đã chuyển giao: %(n)d",
    "This is no command.": "Đây không phải là một lệnh.",
    "write the program and its arguments in one pair of quotes": (
        "viết chương trình và các tham số trong một cặp dấu nháy"
    ),
    "Another process of this agent follows the feed already.": (
        "Một tiến trình khác của phần mềm này đang theo dõi biến động."
    ),
    "stop that one first, or give this one a folder of its own with --home": (
        "dừng tiến trình kia trước, hoặc dùng thư mục riêng với --home"
    ),
    "Events are handed over on this machine only.": (
        "Biến động chỉ được chuyển giao trong nội bộ máy này."
    ),
    "write http://127.0.0.1:PORT/PATH; that program may hand them on, encrypted": (
        "viết http://127.0.0.1:CỔNG/ĐƯỜNG-DẪN; chương trình đó có thể chuyển tiếp qua kênh mã hóa"
    ),
    "An event could not be handed over: %(reason)s.": (
        "Không chuyển giao được một biến động: %(reason)s."
    ),
    "It is tried again, and those after it wait.": (
        "Biến động này được thử lại, các biến động sau phải chờ."
    ),
    "see to the receiving program, or to room on the disk": (
        "kiểm tra chương trình nhận, hoặc chỗ trống trên đĩa"
    ),
}
