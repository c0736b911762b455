DROP TABLE desk_marks;
